using System.Net;
using System.Net.Sockets;

namespace Serverless.Embedded.Stack;

/// <summary>What a local stack is made of. Defaults are those of <c>make run</c>.</summary>
public sealed record StackOptions
{
    /// <summary>All that the stack keeps: deleting this folder starts afresh.</summary>
    public string DataDirectory { get; init; } = Path.Combine(Checkout.Root, ".data");

    public StackPorts Ports { get; init; } = StackPorts.Default;

    /// <summary>gpu-batch processes. Each loads the models once (about 150 MB).</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Bucket of the S3 server that the Lambda handler watches.</summary>
    public string Bucket { get; init; } = "assets";

    /// <summary>Further settings for the Functions app, the Lambda functions and gpu-batch.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>Ports on 127.0.0.1, one a server.</summary>
public sealed record StackPorts(int Functions, int Blob, int Queue, int S3)
{
    /// <summary>The ports these servers have by convention.</summary>
    public static StackPorts Default { get; } = new(7071, 10000, 10001, 4568);

    /// <summary>Four ports that were free a moment ago.</summary>
    public static StackPorts Free()
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, 4).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
            listener.Stop();
        return new(ports[0], ports[1], ports[2], ports[3]);
    }

    internal IEnumerable<(string Server, int Port)> Named() =>
        [("the Functions app", Functions), ("Azurite's blob service", Blob), ("Azurite's queue service", Queue), ("the S3 server", S3)];
}
