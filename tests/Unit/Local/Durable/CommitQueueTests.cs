using Serverless.Local.Durable.Storage;
using Xunit;

namespace Serverless.Unit.Local.Durable;

public sealed class CommitQueueTests : IDisposable, ICommitStep
{
    private readonly string _folder = Directory.CreateTempSubdirectory("durable-").FullName;

    [Fact]
    public async Task ChangeThatFails_TakesNoneOfItsNeighboursWithIt()
    {
        using DurableStore store = Open();
        Task<int>[] changes =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(i =>
                    store.WriteAsync(transaction =>
                    {
                        MakeHub(transaction, i);
                        return i == 20 ? throw new InvalidDataException("this one") : i;
                    })
                ),
        ];

        await Assert.ThrowsAsync<InvalidDataException>(() => changes[20]);
        foreach (int i in Enumerable.Range(0, 40).Where(i => i != 20))
        {
            Assert.Equal(i, await changes[i]);
        }

        Assert.Equal(39, store.Read(session => session.Scalar("SELECT count(*) FROM hubs WHERE name LIKE 'h%'")));
    }

    [Fact]
    public async Task Abandon_WritesNothingMore_AndSaysSo()
    {
        DurableStore store = Open();
        using ManualResetEventSlim reached = new();
        using ManualResetEventSlim go = new();
        Task<int> first = store.WriteAsync(_ =>
        {
            reached.Set();
            go.Wait(OrchestrationHost.Cancellation);
            return 1;
        });
        reached.Wait(OrchestrationHost.Cancellation);
        Task<int> second = store.WriteAsync(transaction =>
        {
            MakeHub(transaction, 1);
            return 2;
        });

        Task abandoned = Task.Factory.StartNew(
            store.Abandon,
            OrchestrationHost.Cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            // Nothing more is taken as soon as the store is abandoned.
            while (true)
            {
                Task<int> late = store.WriteAsync(_ => 3);
                if (late.IsFaulted)
                {
                    await late;
                }

                await Task.Yield();
            }
        });
        go.Set();
        await abandoned;

        await Assert.ThrowsAsync<ObjectDisposedException>(() => first);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => second);
        using DurableStore again = Open();
        Assert.Equal(0, again.Read(session => session.Scalar("SELECT count(*) FROM hubs WHERE name LIKE 'h%'")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    Action ICommitStep.Run(StoreTransaction transaction) => () => { };

    private DurableStore Open() => DurableStore.Open(Path.Combine(_folder, "durable.db"), "test", TimeProvider.System, this);

    private static void MakeHub(StoreTransaction transaction, int i) =>
        transaction.Session.Execute("INSERT INTO hubs (name) VALUES (?1)", $"h{i}");
}
