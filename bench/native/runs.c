/* The innermost loop of W2 in C: the same bitsets, the same runs, the same arithmetic in the same order as the engine's.
 * Compiled without contraction, since a fused multiply-add rounds once where the definition rounds twice.
 * runs INPUT OUTPUT PASSES: writes the total return of each variant, prints the median CPU seconds of a pass. */
#define _POSIX_C_SOURCE 199309L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct {
  int64_t bars, words, windows, thresholds;
  double cash, fee;
} Head;

static void *take(FILE *file, size_t size, size_t count) {
  void *memory = malloc(size * count);
  if (memory == NULL || fread(memory, size, count, file) != count) {
    fprintf(stderr, "runs: the input is short\n");
    exit(1);
  }
  return memory;
}

static double net_factor(int side, double ratio, double fee) {
  return side > 0 ? ratio * (1 - fee) - 1 - fee : 1 - fee - ratio * (1 + fee);
}

/* The equity after trading the runs of (above and low) long and of (below and high) short, everything in, at closes. */
static double trade(const Head *head, const double *close, const uint64_t *above, const uint64_t *low,
                    const uint64_t *below, const uint64_t *high) {
  const int64_t last = head->bars - 1;
  const double fee = head->fee;
  double available = head->cash, entry = 0;
  uint64_t long_before = 0, short_before = 0;
  int side = 0;
  for (int64_t word = 0; word < head->words; word++) {
    const uint64_t longs = above[word] & low[word];
    const uint64_t shorts = below[word] & high[word];
    uint64_t edges = (longs ^ (longs << 1 | long_before)) | (shorts ^ (shorts << 1 | short_before));
    long_before = longs >> 63;
    short_before = shorts >> 63;
    for (; edges != 0; edges &= edges - 1) {
      const int bit = __builtin_ctzll(edges);
      const int64_t bar = word * 64 + bit;
      if (bar > last) break; /* a run that reaches the last bar ends behind it */
      if (side != 0) {
        available += available * net_factor(side, close[bar] / entry, fee);
        side = 0;
        if (available <= 0) return 0;
      }
      if (bar == last) break; /* nothing is entered on the last bar */
      side = (int)(longs >> bit & 1) - (int)(shorts >> bit & 1);
      entry = close[bar];
    }
  }
  if (side != 0) available += available * net_factor(side, close[last] / entry, fee);
  return available <= 0 ? 0 : available;
}

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  FILE *input = argc == 4 ? fopen(argv[1], "rb") : NULL;
  if (input == NULL) {
    fprintf(stderr, "runs INPUT OUTPUT PASSES\n");
    return 2;
  }
  const Head *head = take(input, sizeof(Head), 1);
  const size_t words = (size_t)head->words;
  const double *close = take(input, sizeof(double), (size_t)head->bars);
  const uint64_t *above = take(input, sizeof(uint64_t), words * (size_t)head->windows);
  const uint64_t *below = take(input, sizeof(uint64_t), words * (size_t)head->windows);
  const uint64_t *low = take(input, sizeof(uint64_t), words * (size_t)head->thresholds);
  const uint64_t *high = take(input, sizeof(uint64_t), words);
  fclose(input);
  const size_t variants = (size_t)(head->windows * head->thresholds);
  double *returns = malloc(sizeof(double) * variants);
  const int passes = atoi(argv[3]);
  double *taken = malloc(sizeof(double) * (size_t)(passes > 0 ? passes : 1));
  if (passes <= 0 || returns == NULL || taken == NULL) return 2;
  for (int pass = -1; pass < passes; pass++) { /* the first one warms the caches */
    const double began = cpu_seconds();
    for (size_t variant = 0; variant < variants; variant++) {
      const size_t window = variant / (size_t)head->thresholds, threshold = variant % (size_t)head->thresholds;
      const double equity =
          trade(head, close, above + window * words, low + threshold * words, below + window * words, high);
      returns[variant] = (equity - head->cash) / head->cash * 100;
    }
    if (pass >= 0) taken[pass] = cpu_seconds() - began;
  }
  FILE *output = fopen(argv[2], "wb");
  if (output == NULL || fwrite(returns, sizeof(double), variants, output) != variants || fclose(output) != 0) return 1;
  qsort(taken, (size_t)passes, sizeof(double), ascending);
  printf("%.9f\n", taken[passes / 2]);
  return 0;
}
