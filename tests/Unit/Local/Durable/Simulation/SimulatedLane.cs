namespace Serverless.Unit.Local.Durable.Simulation;

/// <summary>Work of one kind in a host's hand. It does with an item what the framework's dispatcher loop does, step by step.</summary>
internal sealed class SimulatedLane(
    Func<Task<object?>> fetch,
    Func<object, Task> process,
    Func<object, Task> abandon,
    Func<object, Task> release
)
{
    private readonly List<object> _taken = [];

    public int Taken => _taken.Count;

    public bool Fetch()
    {
        int before = _taken.Count;
        _ = FetchAsync();
        return _taken.Count > before;
    }

    /// <summary>Begins to process one of the items; what it changes waits to be written.</summary>
    public void Process(Random random) => _ = ProcessAsync(Take(random));

    /// <summary>Gives one of the items back undone, as when the worker process ends.</summary>
    public void Abandon(Random random) => _ = EndAsync(Take(random), isUndone: true);

    private object Take(Random random)
    {
        int index = random.Next(_taken.Count);
        object item = _taken[index];
        _taken.RemoveAt(index);
        return item;
    }

    private async Task FetchAsync()
    {
        try
        {
            if (await fetch() is { } item)
            {
                _taken.Add(item);
            }
        }
        catch (Exception e) when (SimulatedHost.IsFault(e))
        {
            // The framework waits and fetches again.
        }
    }

    private async Task ProcessAsync(object item)
    {
        bool isUndone = false;
        try
        {
            await process(item);
        }
        catch (Exception)
        {
            isUndone = true;
        }

        await EndAsync(item, isUndone);
    }

    private async Task EndAsync(object item, bool isUndone)
    {
        try
        {
            if (isUndone)
            {
                await abandon(item);
            }
        }
        catch (Exception e) when (SimulatedHost.IsFault(e))
        {
            // As in the framework: logged there.
        }

        try
        {
            await release(item);
        }
        catch (Exception e) when (SimulatedHost.IsFault(e))
        {
            // As in the framework: logged there.
        }
    }
}
