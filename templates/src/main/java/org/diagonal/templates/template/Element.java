package org.diagonal.templates.template;

/** What stands at one place of a template. */
public sealed interface Element permits Token, Wildcard {}
