/** Exports models to ONNX, and generates text. */
package org.diagonal.eval.export;
