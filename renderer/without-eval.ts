import { z } from 'zod';

// Imported before any schema is made: the page's content security policy forbids code from text, and zod would
// try it.
z.config({ jitless: true });
