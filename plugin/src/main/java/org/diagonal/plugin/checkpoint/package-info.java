/** What a Hugging Face model folder holds: tensors in safetensors files, and a tokenizer. */
package org.diagonal.plugin.checkpoint;
