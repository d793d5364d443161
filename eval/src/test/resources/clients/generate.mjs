// node generate.mjs LIBRARY FOLDER DTYPE,DTYPE TOKENS PROMPT...
// Prints as JSON, for each dtype, the greedy text of each prompt, alone and in one left-padded batch.
import { dirname, basename } from 'node:path';

const [library, folder, dtypes, tokens, ...prompts] = process.argv.slice(2);
const { env, pipeline } = await import(library);
env.allowRemoteModels = false;
env.localModelPath = dirname(folder) + '/';
const greedy = { max_new_tokens: Number(tokens), do_sample: false };
const answers = {};
for (const dtype of dtypes.split(',')) {
  const generate = await pipeline('text-generation', basename(folder), { dtype });
  const alone = [];
  for (const prompt of prompts) {
    alone.push((await generate(prompt, greedy))[0].generated_text);
  }
  generate.tokenizer.padding_side = 'left';
  const batch = (await generate(prompts, greedy)).map((row) => row[0].generated_text);
  answers[dtype] = { alone, batch };
}
process.stdout.write(JSON.stringify(answers));
