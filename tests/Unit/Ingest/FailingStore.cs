using System.Reflection;
using Serverless.Storage;

namespace Serverless.Unit.Ingest;

/// <summary>A real store that is away from one of the requests below a prefix on, until it is back.</summary>
public class FailingStore : DispatchProxy
{
    private IObjectStore? _inner;
    private string _prefix = "";
    private int _left = int.MaxValue;
    private bool _losesAnswer;

    internal static (IObjectStore Store, FailingStore Faults) Over(IObjectStore inner, string prefix)
    {
        IObjectStore store = Create<IObjectStore, FailingStore>();
        FailingStore faults = (FailingStore)(object)store;
        (faults._inner, faults._prefix) = (inner, prefix);
        return (store, faults);
    }

    /// <param name="after">So many requests are answered.</param>
    /// <param name="losesAnswer">Whether the first that fails is carried out all the same.</param>
    public void Leave(int after, bool losesAnswer) => (_losesAnswer, _left) = (losesAnswer, after);

    public void Return() => _left = int.MaxValue;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        bool isMeant = args is [string path, ..] && path.StartsWith(_prefix, StringComparison.Ordinal) && targetMethod!.Name != "Locate";
        int left = isMeant ? Interlocked.Decrement(ref _left) : 0;
        if (left >= 0)
        {
            return targetMethod!.Invoke(_inner, args);
        }
        return (left == -1 && _losesAnswer ? targetMethod!.Invoke(_inner, args) : null) switch
        {
            Task<StoredObject> written => FailAfterAsync(written),
            Task<bool> deleted => FailAfterAsync(deleted),
            _ => throw Away(),
        };
    }

    private static async Task<T> FailAfterAsync<T>(Task<T> done)
    {
        await done;
        throw Away();
    }

    private static IOException Away() => new("The store is away, as the test wants it.");
}
