/** The model card of a fine-tuned model. */
package org.diagonal.plugin.card;
