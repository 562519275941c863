using System.Net.NetworkInformation;
using Serverless.Local.Stack.Models;

namespace Serverless.Local.Stack;

/// <summary>What a local stack is made of. Defaults are those of <c>make run</c>.</summary>
public sealed record StackOptions
{
    /// <summary>All that the stack keeps: deleting this folder starts afresh.</summary>
    public string DataDirectory { get; init; } = Path.Combine(Checkout.Root, ".data");

    public StackPorts Ports { get; init; } = StackPorts.Default;

    /// <summary>gpu-batch processes. Each loads the models once (about 150 MB).</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Storage provider of Durable Functions, as host.json names it.</summary>
    public string DurableProvider { get; init; } = DurableProviders.Sqlite;

    /// <summary>What <c>dotnet publish functions/Azure</c> made; null for what the build made, which is the same.</summary>
    public string? AppFolder { get; init; }

    /// <summary>Bucket of the S3 server whose uploads the Lambda functions take.</summary>
    public string Bucket { get; init; } = "assets";

    /// <summary>The one environment that is served; null for all of them.</summary>
    public string? Environment { get; init; }

    /// <summary>Folders of the models that are registered at the first start, by name; default those of samples/models.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = SampleModels.Folders;

    /// <summary>Whether the golden sets of samples/golden are stored at the first start, for the models that have one.</summary>
    public bool HasGoldenSets { get; init; } = true;

    /// <summary>Folders of control groups of Linux, by the names of the members that start in them: for who limits their memory.</summary>
    public IReadOnlyDictionary<string, string> ControlGroups { get; init; } = new Dictionary<string, string>();

    /// <summary>Further settings for the Functions app, the Lambda functions and gpu-batch.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>Names that host.json has for storage providers.</summary>
public static class DurableProviders
{
    public const string Sqlite = "sqlite";

    /// <summary>Keeps all in Azurite.</summary>
    public const string AzureStorage = "azureStorage";
}

/// <summary>Ports on 127.0.0.1, one a server.</summary>
public sealed record StackPorts(int Functions, int Blob, int Queue, int Table, int S3, int Lambda)
{
    /// <summary>The ports these servers have by convention.</summary>
    public static StackPorts Default { get; } = new(7071, 10000, 10001, 10002, 4568, 9324);

    // Below the range from which Linux takes ports for outgoing connections (ip_local_port_range, 32768 and up): one of those could take
    // the port of a server that is being restarted. Where it begins differs by process, so that several seldom meet.
    private const int FirstFree = 20_000,
        FreeCount = 12_000;
    private static int _next = Environment.ProcessId * 40 % FreeCount;

    public static StackPorts Free() => new(FreePort(), FreePort(), FreePort(), FreePort(), FreePort(), FreePort());

    public int FindHighest() => new[] { Functions, Blob, Queue, Table, S3, Lambda }.Max();

    /// <summary>Each so many higher.</summary>
    public StackPorts Plus(int offset) =>
        new(Functions + offset, Blob + offset, Queue + offset, Table + offset, S3 + offset, Lambda + offset);

    /// <summary>Was free a moment ago; never the same twice in one process.</summary>
    public static int FreePort()
    {
        // Asked, not tried: a program that another thread starts meanwhile holds a copy of the tried socket until it has begun.
        HashSet<int> taken = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port)];
        for (int tried = 0; tried < FreeCount; tried++)
        {
            int port = FirstFree + Interlocked.Increment(ref _next) % FreeCount;
            if (!taken.Contains(port))
            {
                return port;
            }
        }
        throw new StackException($"No free port from {FirstFree} to {FirstFree + FreeCount - 1} on 127.0.0.1.");
    }

    /// <summary>Each with the option that sets it.</summary>
    internal IEnumerable<(string Server, int Port, string Option)> Named() =>
        [
            ("the Functions app", Functions, "--port"),
            ("Azurite's blob service", Blob, "--blob-port"),
            ("Azurite's queue service", Queue, "--queue-port"),
            ("Azurite's table service", Table, "--table-port"),
            ("the S3 server", S3, "--s3-port"),
            ("the queue of the Lambda functions", Lambda, "--lambda-port"),
        ];
}
