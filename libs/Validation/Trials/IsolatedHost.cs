using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Serverless.Storage;

namespace Serverless.Validation.Trials;

/// <summary>
/// The other side of <see cref="IsolatedProcess"/>: gives up what a process that runs a model nobody trusts must not have, and answers one
/// line for each line of its standard input. The process ends when that is closed, also when its host dies.
/// </summary>
public sealed class IsolatedHost : IDisposable
{
    private readonly BlockingCollection<string> _asks = [];
    private readonly FileStream _answers;

    private IsolatedHost(int output) =>
        _answers = new FileStream(new SafeFileHandle(output, ownsHandle: true), FileAccess.Write, bufferSize: 0);

    /// <summary>
    /// Most memory of ONNX Runtime: so wide that the watch over what is resident, which says plainly what happened, comes first.
    /// </summary>
    /// <param name="maxBytes">Of the process.</param>
    public static long ArenaOf(long maxBytes) => Math.Clamp(2 * maxBytes, 64L << 20, uint.MaxValue);

    /// <summary>What was asked, until the host is gone.</summary>
    public IEnumerable<string> Asks => _asks.GetConsumingEnumerable();

    /// <param name="bytes">The last argument but one of the program: bytes of writable memory.</param>
    /// <param name="seconds">The last argument of the program: seconds of processors.</param>
    public static IsolatedHost Begin(string bytes, string seconds)
    {
        IsolatedHost host = new(
            Isolation.Begin(long.Parse(bytes, CultureInfo.InvariantCulture), long.Parse(seconds, CultureInfo.InvariantCulture))
        );
        new Thread(host.ReadAsks) { IsBackground = true, Name = "asks" }.Start();
        return host;
    }

    public void Answer<T>(T answer) => _answers.Write([.. JsonSerializer.SerializeToUtf8Bytes(answer, StoredJson.Options), (byte)'\n']);

    public void Dispose()
    {
        _answers.Dispose();
        _asks.Dispose();
    }

    /// <summary>On a thread of its own, which notices that the host has gone also while the model hangs.</summary>
    private void ReadAsks()
    {
        while (Console.In.ReadLine() is { } line)
        {
            _asks.Add(line);
        }
        Isolation.End();
    }
}
