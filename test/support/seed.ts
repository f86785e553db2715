/** Laws meet the same random inputs in every run, so that a red run is the change's fault; GATEHOUSE_SEED looks elsewhere. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['GATEHOUSE_SEED'] ?? 20_261_123) });
