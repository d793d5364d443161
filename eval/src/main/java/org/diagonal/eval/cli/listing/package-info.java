/** Lists models, texts, tasks, runs and caches, for the terminal and as JSON. */
package org.diagonal.eval.cli.listing;
