import fc from "fast-check";

/** The same examples in every run, so that a change is to blame when one fails. Others: FC_SEED=1234 npm test. */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_124) });
