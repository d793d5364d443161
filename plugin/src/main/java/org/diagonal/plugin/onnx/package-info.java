/** ONNX: a GPT-2 with identity scalings as a file that other programs run, and run here. */
package org.diagonal.plugin.onnx;
