namespace Microsoft.Azure.Functions.Worker;

/// <summary>Holds the return value of one invocation; the views below read and replace it.</summary>
internal sealed class InvocationResultCell
{
    public object? Value { get; set; }

    public InvocationResult Untyped() => new UntypedView(this);

    public InvocationResult<T> Typed<T>() => new TypedView<T>(this);

    private sealed class UntypedView(InvocationResultCell cell) : InvocationResult
    {
        public override object? Value
        {
            get => cell.Value;
            set => cell.Value = value;
        }
    }

    private sealed class TypedView<T>(InvocationResultCell cell) : InvocationResult<T>
    {
        public override T? Value
        {
            get => (T?)cell.Value;
            set => cell.Value = value;
        }
    }
}
