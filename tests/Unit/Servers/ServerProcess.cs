using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Serverless.Unit.Servers;

/// <summary>A Node server as a child process, from its first line of readiness to its death.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    // Azurite alone takes seconds of a busy processor.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>All lines written to standard output so far, among them the access log.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Starts it and waits until each pattern has matched a line; returns the first group of each match.</summary>
    public static async Task<(ServerProcess Server, string[] Ready)> StartAsync(
        IEnumerable<string> arguments,
        IReadOnlyList<Regex> readiness,
        Action<string>? onLine = null
    )
    {
        Process process = new()
        {
            StartInfo = new("node", arguments)
            {
                WorkingDirectory = SourceTree.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        ServerProcess server = new(process);
        string?[] ready = new string?[readiness.Count];
        Lock gate = new();
        TaskCompletionSource allReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Observe(line.Data);
        process.ErrorDataReceived += (_, line) => Observe(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await Task.WhenAny(allReady.Task, process.WaitForExitAsync()).WaitAsync(StartLimit);
            if (!allReady.Task.IsCompleted)
            {
                throw new InvalidOperationException($"The server ended while it started: {string.Join('\n', server.Output)}");
            }
            return (server, [.. ready.Select(r => r!)]);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        void Observe(string? line)
        {
            if (line is null)
            {
                return;
            }
            server._output.Enqueue(line);
            lock (gate) // lines of standard output and of standard error come on two threads
            {
                onLine?.Invoke(line);
                for (int i = 0; i < readiness.Count; i++)
                {
                    if (readiness[i].Match(line) is { Success: true } match)
                    {
                        ready[i] ??= match.Groups[1].Value;
                    }
                }
                if (Array.TrueForAll(ready, r => r is not null))
                {
                    allReady.TrySetResult();
                }
            }
        }
    }

    /// <summary>Ends it at once, as kill -9 does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        await _process.WaitForExitAsync().WaitAsync(EndLimit);
        _process.Dispose();
    }
}
