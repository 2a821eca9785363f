import { z } from 'zod';

export const MOST_NOTE_CHARACTERS = 4_000;
export const MOST_TAGS = 20;

/** A word or two that trades are found by; case makes no difference. */
export const TagSchema = z
  .string()
  .transform((tag) => tag.trim().toLowerCase())
  .refine((tag) => /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u.test(tag), {
    message:
      'a tag has 1 to 40 letters, digits, blanks, dots, dashes or underscores, and begins with a letter or digit',
  });

const isControl = (code: number): boolean => (code < 32 && code !== 10 && code !== 9) || code === 127;

/** What the trader writes to a trade; empty: nothing. */
export const TradeNoteSchema = z
  .string()
  .max(MOST_NOTE_CHARACTERS, { message: `a note has at most ${MOST_NOTE_CHARACTERS} characters` })
  .transform((note) => note.trim())
  .refine((note) => ![...note].some((character) => isControl(character.codePointAt(0) ?? 0)), {
    message: 'a note is plain text: take the control characters out',
  });

/** Note and tags of a trade; what is absent stays as it is. */
export const TradeNotesChangeSchema = z.strictObject({
  id: z.string().min(1).max(200),
  note: TradeNoteSchema.optional(),
  tags: z
    .array(TagSchema)
    .max(MOST_TAGS, { message: `a trade has at most ${MOST_TAGS} tags` })
    .transform((tags) => [...new Set(tags)].sort())
    .optional(),
});
export type TradeNotesChange = z.output<typeof TradeNotesChangeSchema>;

export const TradeNotesSchema = z.object({ id: z.string(), note: z.string(), tags: z.array(z.string()) });
export type TradeNotes = z.infer<typeof TradeNotesSchema>;

/** How many trades have a tag. */
export const TagCountSchema = z.object({ tag: z.string(), trades: z.number().int() });
export type TagCount = z.infer<typeof TagCountSchema>;
