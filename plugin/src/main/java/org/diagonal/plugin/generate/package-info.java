/** Texts that a network goes on with: next-token logits, sampling, text as it comes. */
package org.diagonal.plugin.generate;
