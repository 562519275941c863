using System.ComponentModel.DataAnnotations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Durable.Dispatch;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Durable;

/// <summary>
/// Runs durable orchestrations in one process on one file. Started once and stopped once; a process that dies without a stop
/// goes on where it was when the next one starts.
/// </summary>
internal sealed class DurableEngine : IAsyncDisposable
{
    // How long cancelled activities, and then the last turns, get to end after the grace in which they could finish.
    private static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(2);

    private readonly DurableEngineOptions _options;
    private readonly DurableRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly WorkInHand _inHand = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cancelling = new();
    private readonly CancellationTokenSource _abandoned = new();

    private DurableStore? _store;
    private Mailroom? _mailroom;
    private Task[] _turns = [];
    private Task[] _activities = [];
    private DurableTaskClient? _client;

    public DurableEngine(DurableEngineOptions options, DurableRegistry registry, TimeProvider time, ILoggerFactory loggers)
    {
        Validate(options);
        _options = options;
        _registry = registry;
        _time = time;
        _loggers = loggers;
        _log = loggers.CreateLogger<DurableEngine>();
    }

    /// <summary>Ready once the engine has started.</summary>
    public DurableTaskClient Client =>
        _client ?? throw new InvalidOperationException("The durable engine has not started, so its client cannot be used yet.");

    public Task StartAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_store is not null)
            throw new InvalidOperationException("The durable engine has been started already.");

        DataConverter converter = JsonDataConverter.Default;
        InstanceSignals signals = new();
        _store = DurableStore.Open(_options.DatabasePath);
        _mailroom = new Mailroom(_time, _inHand, _options.MaxIdleExecutions);
        ActivityRunner activities = new(_registry, _mailroom, _inHand, _time, _loggers.CreateLogger<ActivityRunner>());
        TurnRunner turns = new(_store, _mailroom, activities, signals, _registry, converter, _options.DefaultVersion, _time, _loggers);
        _client = new EmbeddedDurableTaskClient(_store, _mailroom, signals, converter, _options.DefaultVersion, _time, _loggers);

        LetActivitiesBlock();
        Resume(activities);
        _turns = Start(_options.MaxConcurrentOrchestratorFunctions, () => turns.RunAsync(_abandoned.Token));
        _activities = Start(_options.MaxConcurrentActivityFunctions, () => activities.RunAsync(_stopping.Token, _cancelling.Token));
        return Task.CompletedTask;
    }

    /// <summary>Waits until nothing is left to do but to wait for timers and events.</summary>
    public Task QuietAsync(CancellationToken cancellation) => _inHand.WhenNoneAsync().WaitAsync(cancellation);

    /// <summary>Finishes what runs or hands it back, and closes the file. Takes under ten seconds with the default grace.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_store is null || _stopping.IsCancellationRequested)
            return;

        await _stopping.CancelAsync();
        if (!await EndsWithinAsync(_activities, _options.StopGrace, cancellation))
        {
            await _cancelling.CancelAsync();
            if (!await EndsWithinAsync(_activities, CancelGrace, cancellation))
                DurableLog.ActivitiesLeft(_log, _activities.Count(loop => !loop.IsCompleted));
        }

        _mailroom!.Close();
        await EndsWithinAsync(_turns, CancelGrace, cancellation);
        await _abandoned.CancelAsync();
        _store.Dispose();
        DurableLog.Stopped(_log);
    }

    /// <summary>Ends as a crash would, leaving on disk exactly what was committed.</summary>
    public void Abandon()
    {
        _abandoned.Cancel();
        _stopping.Cancel();
        _cancelling.Cancel();
        _mailroom?.Close();
        _store?.Abandon();
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private void Resume(ActivityRunner activities)
    {
        List<Message> inbox = _store!.ReadInbox();
        List<ActivityWork> waiting = _store.ReadActivities();
        DurableLog.Started(_log, _options.DatabasePath, inbox.Count, waiting.Count);
        foreach (Message message in inbox)
            _mailroom!.Deliver(message);
        foreach (ActivityWork work in waiting)
            activities.Post(work);
    }

    // Activities may block the threads they run on, as inference does. The pool would add threads for them one by one, half a
    // second apart, while turns wait for any.
    private void LetActivitiesBlock()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        int wanted = _options.MaxConcurrentActivityFunctions + Environment.ProcessorCount;
        if (wanted > workers)
            ThreadPool.SetMinThreads(wanted, completions);
    }

    private static Task[] Start(int count, Func<Task> loop) =>
        [.. Enumerable.Range(0, count).Select(_ => Task.Run(loop))];

    private async Task<bool> EndsWithinAsync(Task[] loops, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(loops).WaitAsync(limit, _time, cancellation);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private static void Validate(DurableEngineOptions options)
    {
        List<ValidationResult> faults = [];
        if (!Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
            throw new ArgumentException(
                "extensions:durableTask is not valid: " + string.Join(" ", faults.Select(fault => fault.ErrorMessage)), nameof(options));
    }
}
