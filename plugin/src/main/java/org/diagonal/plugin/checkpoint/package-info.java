/** What a Hugging Face model folder holds: tensors in safetensors files, and a tokenizer. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.checkpoint;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
