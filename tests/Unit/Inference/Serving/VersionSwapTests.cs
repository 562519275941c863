using Serverless.Inference.Serving;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference.Serving;

/// <summary>Real models in real sessions come and go.</summary>
[Collection(nameof(Alone))]
public sealed class VersionSwapTests
{
    private const int Swaps = 200;

    [Fact]
    public async Task TwoHundredSwaps_LeaveMemoryWhereItWas()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        string[] names = ["tensors-rows", "tensors-time"];
        await using ModelServer server = TestServers.Start();
        for (int i = 0; i < 100; i++)
        {
            // what the process takes once, it has then taken
            await SwapAsync(i);
        }
        long before = ResidentBytes();

        for (int i = 0; i < Swaps; i++)
        {
            await SwapAsync(i);
        }

        long after = ResidentBytes();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"resident memory {before >> 20} MiB before, {after >> 20} MiB after {Swaps} swaps"
        );
        Assert.InRange(after, 0, before * 11 / 10);
        Assert.Single(server.Residents);

        async Task SwapAsync(int number)
        {
            using ModelLease lease = await server.AcquireAsync(TestServers.VersionOf(names[number % 2]), cancellationToken);
            await lease.Model.InferAsync(new TensorRequest([.. lease.Model.Inputs.Select(Zero)]), default, cancellationToken);
            server.Unload(TestServers.VersionOf(names[(number + 1) % 2]));
        }
    }

    private static NamedTensor Zero(TensorSpec input) =>
        new(input.Name, input.Datatype, [.. input.Shape!.Select(_ => 1L)]) { Data = new byte[input.Datatype == "INT64" ? 8 : 4] };

    private static long ResidentBytes()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture)
            << 10;
    }
}
