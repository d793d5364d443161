/** GPT-2 with identity scalings as a DJL block, and the model folder that it is loaded from. */
package org.diagonal.plugin.gpt2;
