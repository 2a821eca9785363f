import * as fc from 'fast-check';

// Property tests draw the same cases in every run: what fails here fails everywhere. `npm run chaos` looks further.
fc.configureGlobal({ seed: 20_261_128 });
