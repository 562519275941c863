namespace Microsoft.Azure.Functions.Worker;

/// <summary>The function's return value; middleware may replace it after the function ran.</summary>
public abstract class InvocationResult<T>
{
    public abstract T? Value { get; set; }
}

public abstract class InvocationResult : InvocationResult<object>;
