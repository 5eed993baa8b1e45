/* How much a format may round. */
#ifndef DG_SLACK_H
#define DG_SLACK_H

/* A share of the largest value, and of a pixel for its place: some, of text or packed numbers, do. */
static const double DG_SLACK = 0.01;

#endif
