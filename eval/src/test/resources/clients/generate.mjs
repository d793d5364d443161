// node generate.mjs LIBRARY FOLDER DTYPE TOKENS PROMPT...
// Prints as JSON the greedy text of each prompt, alone and in one left-padded batch.
import { dirname, basename } from 'node:path';

const [library, folder, dtype, tokens, ...prompts] = process.argv.slice(2);
const { env, pipeline } = await import(library);
env.allowRemoteModels = false;
env.localModelPath = dirname(folder) + '/';
const form = dtype === '-' ? {} : { dtype };
const generate = await pipeline('text-generation', basename(folder), form);
const greedy = { max_new_tokens: Number(tokens), do_sample: false };

const alone = [];
for (const prompt of prompts) {
  alone.push((await generate(prompt, greedy))[0].generated_text);
}
generate.tokenizer.padding_side = 'left';
const batch = (await generate(prompts, greedy)).map((row) => row[0].generated_text);
process.stdout.write(JSON.stringify({ alone, batch, longest: generate.tokenizer.model_max_length }));
