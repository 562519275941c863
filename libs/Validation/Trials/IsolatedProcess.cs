using System.Diagnostics;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Validation.Trials;

public enum TrialEnd
{
    /// <summary>The model or its package is not what it must be; the process itself lived on.</summary>
    Refused,

    /// <summary>The process ended by itself: a crash in native code, an abort, a kill from outside.</summary>
    Crashed,
    TimeLimit,
    MemoryLimit,

    /// <summary>Its time of processors was used up.</summary>
    ProcessorLimit,
}

/// <summary>A process on trial came to an end that was not asked for.</summary>
public sealed class TrialEndedException(TrialEnd end, string message) : Exception(message)
{
    public TrialEnd End { get; } = end;
}

/// <summary>
/// A program that runs what nobody trusts, in a process of its own: asked step by step in lines of JSON, each within a time, and killed
/// with all it started when it takes longer, grows beyond its memory, uses up its processor time, says too much, or is disposed of. One
/// asker at a time.
/// </summary>
public sealed class IsolatedProcess : IAsyncDisposable
{
    private const int MaxAnswerChars = 16 << 20;
    private const int LastWordsChars = 600;
    private const int FirstSignal = 128; // above it an exit code is a signal's, by the convention of shells and .NET
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>For who has left the group that is killed, and still holds what the process spoke through.</summary>
    private static readonly TimeSpan LastWordsWithin = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly TrialOptions _options;
    private readonly TimeProvider _time;
    private readonly LineReader _output;
    private readonly Task<string> _lastWords;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _watch;
    private TrialEnd? _killedFor;
    private long _mostBytes;
    private TimeSpan _processorTime;

    private IsolatedProcess(Process process, TrialOptions options, TimeProvider time)
    {
        (_process, _options, _time) = (process, options, time);
        _output = new LineReader(process.StandardOutput, MaxAnswerChars);
        _lastWords = ReadLastWordsAsync(process.StandardError);
        _watch = WatchAsync();
    }

    public int Id => _process.Id;

    /// <param name="argument">By which the program knows what it is to do; it begins with <see cref="IsolatedHost.Begin"/>.</param>
    public static IsolatedProcess Start(TrialOptions options, string argument, TimeProvider time) =>
        new(Process.Start(TrialCommand.Make(options, argument))!, options, time);

    /// <summary>The answer to one step.</summary>
    /// <exception cref="TrialEndedException"/>
    public async Task<TAnswer> AskAsync<TAsk, TAnswer>(TAsk ask, TimeSpan within, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using CancellationTokenSource late = new(within, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(ask, StoredJson.Options).AsMemory(), either.Token);
            await _process.StandardInput.FlushAsync(either.Token);
            string line = await _output.ReadAsync(either.Token) ?? throw await EndOfAsync();
            return JsonSerializer.Deserialize<TAnswer>(line, StoredJson.Options) ?? throw new JsonException("The answer is null.");
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Kill(TrialEnd.TimeLimit);
            throw new TrialEndedException(
                TrialEnd.TimeLimit,
                $"There was no answer within {within.TotalSeconds:0.#} s; the process was killed."
            );
        }
        catch (IOException)
        {
            throw await EndOfAsync();
        }
        catch (Exception e) when (e is JsonException or LineTooLongException)
        {
            Kill(TrialEnd.Crashed);
            throw new TrialEndedException(TrialEnd.Crashed, $"The process said what is no answer ({e.Message}) and was killed.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill(null);
        await _process.WaitForExitAsync(CancellationToken.None);
        await _ended.CancelAsync();
        await _watch;
        await LastWordsAsync();
        _process.Dispose();
        _ended.Dispose();
    }

    private void Kill(TrialEnd? why)
    {
        if (!_process.HasExited)
        {
            _killedFor ??= why;
            // Itself first: a process that has not got as far as its own session has no group.
            _process.Kill(entireProcessTree: true);
        }
        Isolation.KillGroup(_process.Id);
    }

    private async Task<TrialEndedException> EndOfAsync()
    {
        Kill(null);
        await _process.WaitForExitAsync(CancellationToken.None);
        if (_killedFor == TrialEnd.MemoryLimit)
        {
            return new TrialEndedException(
                TrialEnd.MemoryLimit,
                $"The process grew to {_mostBytes >> 20:N0} MB; allowed are {_options.MaxMemoryBytes >> 20:N0} MB. It was killed."
            );
        }
        if (IsOutOfProcessorTime(_process.ExitCode))
        {
            return new TrialEndedException(
                TrialEnd.ProcessorLimit,
                $"The process used up its {_options.ProcessorSeconds:N0} s of processor time (Validation:Trial:ProcessorTime)."
            );
        }
        string words = await LastWordsAsync();
        return new TrialEndedException(
            TrialEnd.Crashed,
            $"The process ended by itself with {Describe(_process.ExitCode)}{(words.Length > 0 ? $"; its last words were: {words}" : "")}."
        );
    }

    /// <summary>The kernel's signal for it, or the one that it sends where code ignores the first; setrlimit(2).</summary>
    private bool IsOutOfProcessorTime(int code) =>
        code == FirstSignal + 24 || (code == FirstSignal + 9 && _processorTime.TotalSeconds >= _options.ProcessorSeconds);

    private static string Describe(int code) =>
        code switch
        {
            134 => "signal 6 (aborted)",
            137 => "signal 9 (killed)",
            139 => "signal 11 (segmentation fault)",
            > FirstSignal and < FirstSignal + 32 => $"signal {code - FirstSignal}",
            _ => $"exit code {code}",
        };

    private async Task WatchAsync()
    {
        using PeriodicTimer timer = new(LookEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token) && !_process.HasExited)
            {
                _process.Refresh();
                _mostBytes = Math.Max(_mostBytes, _process.WorkingSet64);
                _processorTime = _process.TotalProcessorTime;
                if (_mostBytes > _options.MaxMemoryBytes)
                {
                    Kill(TrialEnd.MemoryLimit);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            // Ended between two looks.
        }
    }

    private async Task<string> LastWordsAsync()
    {
        await Task.WhenAny(_lastWords, Task.Delay(LastWordsWithin, _time));
        return _lastWords.IsCompleted ? await _lastWords : "";
    }

    private static async Task<string> ReadLastWordsAsync(StreamReader errors)
    {
        char[] buffer = new char[1024];
        string words = "";
        try
        {
            while (await errors.ReadAsync(buffer) is > 0 and var read)
            {
                // What it says first is what went wrong; what follows are traces.
                if (words.Length < LastWordsChars)
                {
                    words += new string(buffer, 0, Math.Min(read, LastWordsChars - words.Length));
                }
            }
        }
        catch (IOException)
        {
            // What was read is what there is.
        }
        return string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
