/** What comes next is the earliest: a binary heap. */
export const createQueue = <T extends { readonly at: number }>() => {
  const heap: T[] = [];
  const at = (n: number) => (heap[n] as T).at;
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b] as T, heap[a] as T];
  };

  return {
    next: (): T | undefined => heap[0],
    add: (item: T): void => {
      let child = heap.push(item) - 1;
      while (child > 0) {
        const parent = (child - 1) >> 1;
        if (at(parent) <= at(child)) return;
        swap(parent, child);
        child = parent;
      }
    },
    take: (): T | undefined => {
      const first = heap[0];
      const last = heap.pop();
      if (heap.length === 0 || last === undefined) return first;
      heap[0] = last;
      for (let parent = 0; ; ) {
        const [left, right] = [2 * parent + 1, 2 * parent + 2];
        let least = parent;
        if (left < heap.length && at(left) < at(least)) least = left;
        if (right < heap.length && at(right) < at(least)) least = right;
        if (least === parent) return first;
        swap(parent, least);
        parent = least;
      }
    },
  };
};
