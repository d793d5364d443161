/** Tokenizer files of a model folder, checked before native code reads them. */
package org.diagonal.plugin.tokenizer;
