using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Functions;

/// <summary>A function as planned at start: everything an invocation needs, decided once.</summary>
internal sealed record FunctionModel(
    string Name,
    MethodInfo Method,
    TriggerBindingAttribute Trigger,
    TriggerPlan Plan,
    IReadOnlyList<ParameterBinding> Parameters,
    IReadOnlyList<OutputPlan> Outputs,
    RetryPlan? Retry,
    FunctionDefinition Definition)
{
    public override string ToString() => Name;
}

/// <summary>Fills one parameter of a function for one invocation.</summary>
internal delegate ValueTask<object?> ParameterBinding(InvocationContext context);

/// <summary>Writes one output of a function; null values are never passed.</summary>
internal delegate Task OutputWriter(InvocationContext context, object value, CancellationToken cancellationToken);

/// <summary>An output: how its value is read from what the function returned, and where it goes.</summary>
internal sealed record OutputPlan(string Name, string Type, Func<object, object?> Read, OutputWriter Write);
