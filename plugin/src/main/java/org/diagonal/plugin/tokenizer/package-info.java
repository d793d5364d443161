/** Tokenizer files of a model folder, checked before native code reads them. */
@API(status = Status.INTERNAL)
package org.diagonal.plugin.tokenizer;

import org.apiguardian.api.API;
import org.apiguardian.api.API.Status;
