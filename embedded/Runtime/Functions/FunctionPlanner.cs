using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Functions;

/// <summary>Turns <c>[Function]</c> methods into models and collects every reason why one cannot run.</summary>
internal sealed class FunctionPlanner(
    IReadOnlyList<ITriggerKind> triggers, IReadOnlyList<IInputKind> inputs, IReadOnlyList<IOutputKind> outputs, ICollection<string> problems)
{
    public IReadOnlyList<FunctionModel> Plan(IEnumerable<MethodInfo> methods)
    {
        var models = methods.Select(Plan).OfType<FunctionModel>().OrderBy(model => model.Name, StringComparer.Ordinal).ToList();
        foreach (var twins in models.GroupBy(model => model.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            problems.Add($"function '{twins.Key}' is declared {twins.Count()} times: {string.Join(", ", twins.Select(twin => twin.Definition.EntryPoint))}");
        return models;
    }

    private FunctionModel? Plan(MethodInfo method)
    {
        var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        if (Fault(method) is { } fault)
        {
            problems.Add($"function '{name}' ({method.DeclaringType}.{method.Name}): {fault}");
            return null;
        }

        var parameters = method.GetParameters();
        var marked = parameters.Where(parameter => parameter.GetCustomAttribute<TriggerBindingAttribute>() is not null).ToList();
        if (marked.Count != 1)
        {
            problems.Add($"function '{name}' has {marked.Count} parameters with a trigger attribute; exactly one is needed");
            return null;
        }

        var trigger = marked[0].GetCustomAttribute<TriggerBindingAttribute>()!;
        var site = new ParameterSite(name, method, marked[0], problems);
        var plan = triggers.Select(kind => kind.Plan(trigger, site)).FirstOrDefault(found => found is not null);
        if (plan is null)
        {
            site.Reject($"{trigger.GetType().Name} is not supported by the embedded host");
            return null;
        }

        var bindings = parameters.Select(p => p == marked[0] ? plan.Bind : PlanParameter(plan, site with { Parameter = p })).ToList();
        var results = OutputPlanner.Plan(name, method, outputs, problems);
        var metadata = parameters.Select(p => new EmbeddedBindingMetadata(p.Name!, p == marked[0] ? plan.Type : p.ParameterType.Name, BindingDirection.In))
            .Concat(results.Select(output => new EmbeddedBindingMetadata(output.Name, output.Type, BindingDirection.Out)));
        return new FunctionModel(
            name, method, trigger, plan, bindings, results,
            RetryPlan.Read(name, method, trigger, problems),
            new EmbeddedFunctionDefinition(name, method, metadata));
    }

    private ParameterBinding PlanParameter(TriggerPlan plan, ParameterSite site)
    {
        if (site.Parameter.GetCustomAttribute<InputBindingAttribute>() is { } attribute)
        {
            var binding = inputs.Select(kind => kind.Plan(attribute, site)).FirstOrDefault(found => found is not null);
            if (binding is null)
                site.Reject($"{attribute.GetType().Name} is not supported by the embedded host");
            return binding ?? Unbound;
        }

        return CommonParameters.Plan(plan, site) ?? Unbound;
    }

    private static string? Fault(MethodInfo method) => method switch
    {
        { IsPublic: false } => "the method must be public",
        { ContainsGenericParameters: true } => "neither the method nor its class may be generic",
        _ when method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)) => "an async method must return Task, not void",
        _ when method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef) => "parameters cannot be ref, in or out",
        _ => null,
    };

    /// <summary>Stands in for a parameter whose problem was reported; the host does not start with it.</summary>
    private static ValueTask<object?> Unbound(InvocationContext context) => throw new InvalidOperationException($"{context.Function} was rejected at start");
}
