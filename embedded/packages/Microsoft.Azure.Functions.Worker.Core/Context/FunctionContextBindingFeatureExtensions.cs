namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextBindingFeatureExtensions
{
    public static InvocationResult GetInvocationResult(this FunctionContext context) => Cell(context).Untyped();

    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context) => Cell(context).Typed<T>();

    private static InvocationResultCell Cell(FunctionContext context) => context.Features.Get<InvocationResultCell>()
        ?? throw new InvalidOperationException($"Function '{context.FunctionDefinition.Name}' runs outside the host and has no invocation result.");
}
