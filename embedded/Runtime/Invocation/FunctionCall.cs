using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.Runtime.Functions;

namespace Serverless.Embedded.Runtime.Invocation;

/// <summary>Calls a function's method: its class made from the invocation's services, its task awaited, its outputs written.</summary>
internal sealed class FunctionCall(FunctionModel function)
{
    private readonly MethodInvoker _method = MethodInvoker.Create(function.Method);
    private readonly ObjectFactory? _create = function.Method.IsStatic ? null : ActivatorUtilities.CreateFactory(function.Method.DeclaringType!, []);
    private readonly Func<object?, ValueTask<object?>> _await = Awaiting.For(function.Method.ReturnType);

    public async Task RunAsync(InvocationContext context)
    {
        var arguments = new object?[function.Parameters.Count];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = await function.Parameters[i](context);

        var instance = _create?.Invoke(context.InstanceServices, []);
        try
        {
            context.Result = await _await(_method.Invoke(instance, arguments.AsSpan()));
        }
        finally
        {
            if (instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (instance as IDisposable)?.Dispose();
        }

        foreach (var output in function.Outputs)
            if (context.Result is { } result && output.Read(result) is { } value)
                await output.Write(context, value, context.CancellationToken);
    }
}
