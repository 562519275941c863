namespace Serverless.Benchmarks;

/// <summary>A loop on so many threads of its own.</summary>
internal static class BenchThreads
{
    public static Task ForEachAsync<T>(IEnumerable<T> work, int threads, Action<T> act)
    {
        Queue<T> left = new(work);
        return Task.WhenAll(
            Enumerable
                .Range(0, threads)
                .Select(_ => Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
        );

        void Loop()
        {
            while (true)
            {
                T next;
                lock (left)
                {
                    if (!left.TryDequeue(out next!))
                    {
                        return;
                    }
                }
                act(next);
            }
        }
    }
}
