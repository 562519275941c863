namespace Serverless.Embedded.Runtime.Durable.Replay;

/// <summary>
/// Runs orchestrator code on the thread of its turn and nowhere else, one continuation after another, in the order in which
/// they became ready: that order is the same in every replay.
/// </summary>
internal sealed class OrchestratorScheduler : TaskScheduler
{
    private readonly Queue<Task> _ready = new();
    private int _turnThread;
    private volatile bool _wokenFromOutside;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>The code awaited something that finished on another thread, which no replay could repeat.</summary>
    public bool WokenFromOutside => _wokenFromOutside;

    public bool IsOnTurn => _turnThread == Environment.CurrentManagedThreadId;

    /// <summary>Runs <paramref name="step"/> and all that becomes ready by it.</summary>
    public void Run(Action step)
    {
        SynchronizationContext? ambient = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _turnThread = Environment.CurrentManagedThreadId;
        try
        {
            step();
            while (_ready.TryDequeue(out Task? task))
                TryExecuteTask(task);
        }
        finally
        {
            _turnThread = 0;
            SynchronizationContext.SetSynchronizationContext(ambient);
        }
    }

    protected override void QueueTask(Task task)
    {
        if (IsOnTurn)
            _ready.Enqueue(task);
        else
            _wokenFromOutside = true;
    }

    // Whether the runtime may run a continuation in place depends on how deep the stack is; the order must not.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;
}
