/** Lists models, texts and tasks, for the terminal and as JSON. */
package org.diagonal.eval.cli.listing;
