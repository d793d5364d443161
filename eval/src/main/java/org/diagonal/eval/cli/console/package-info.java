/**
 * The program around the commands: parsing, help, configuration files, progress, failures, engine
 * settings.
 */
package org.diagonal.eval.cli.console;
