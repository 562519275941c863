using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Serverless.EndToEnd.Drills;

/// <summary>
/// Stands between programs and a store on this machine, and can lose answers to requests that the store has carried out, or cut off
/// requests that write while those that read pass.
/// </summary>
internal sealed class FaultyConnection : IAsyncDisposable
{
    private const int BufferBytes = 64 << 10;
    private static readonly string[] Writes = ["PUT ", "POST ", "DELETE "];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private int _lost;
    private int _cutOff;

    public FaultyConnection(int target, int seed)
    {
        (_target, _random) = (target, new Random(seed));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The share of answers that are lost.</summary>
    public double LosesAnswers { get; set; }

    public bool CutsOffWrites { get; set; }

    public int Lost => _lost;

    public int CutOff => _cutOff;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
                connections.RemoveAll(connection => connection.IsCompleted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (TcpClient store = new())
        using (CancellationTokenSource closed = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token))
        {
            try
            {
                await store.ConnectAsync(IPAddress.Loopback, _target, closed.Token);
                await Task.WhenAny(CopyAsync(client, store, MayAsk, closed.Token), CopyAsync(store, client, MayAnswer, closed.Token));
                await closed.CancelAsync();
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                // Both ends are closed.
            }
        }
    }

    /// <summary>Ends where one side closes, or where something is not to pass.</summary>
    private static async Task CopyAsync(
        TcpClient from,
        TcpClient to,
        Func<ReadOnlyMemory<byte>, bool> passes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            byte[] buffer = new byte[BufferBytes];
            while (await from.GetStream().ReadAsync(buffer, cancellationToken) is > 0 and int read && passes(buffer.AsMemory(0, read)))
            {
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // Closed by the other side.
        }
    }

    private bool MayAsk(ReadOnlyMemory<byte> bytes)
    {
        if (!CutsOffWrites || !Writes.Any(method => bytes.Span.StartsWith(Encoding.ASCII.GetBytes(method))))
        {
            return true;
        }
        Interlocked.Increment(ref _cutOff);
        return false;
    }

    private bool MayAnswer(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            if (_random.NextDouble() >= LosesAnswers)
            {
                return true;
            }
        }
        Interlocked.Increment(ref _lost);
        return false;
    }
}
