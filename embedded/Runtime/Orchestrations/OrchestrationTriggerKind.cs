using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Serverless.Embedded.Runtime.Functions;

namespace Serverless.Embedded.Runtime.Orchestrations;

/// <summary>Plans orchestrators. The durable engine runs them, through <see cref="DurableFunctions"/>.</summary>
internal sealed class OrchestrationTriggerKind : ITriggerKind
{
    private static readonly MethodInfo GetInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!;

    public TriggerPlan? Plan(TriggerBindingAttribute attribute, ParameterSite site)
    {
        if (attribute is not OrchestrationTriggerAttribute)
            return null;
        if (site.Type != typeof(TaskOrchestrationContext))
            site.Reject($"an orchestrator's trigger is a TaskOrchestrationContext, not {site.Type.Name}");
        return new TriggerPlan("orchestrationTrigger", context => new(context.TriggerValue), new HashSet<string>()) { FurtherParameter = Input };
    }

    /// <summary>The input is the first parameter that nothing else fills.</summary>
    private static ParameterBinding? Input(Type type, ParameterSite site)
    {
        var free = site.Method.GetParameters().FirstOrDefault(parameter =>
            parameter.ParameterType != typeof(FunctionContext) && parameter.ParameterType != typeof(CancellationToken)
            && parameter.GetCustomAttribute<BindingAttribute>() is null);
        if (site.Parameter != free)
            return null;
        var read = MethodInvoker.Create(GetInput.MakeGenericMethod(type));
        return context => new(read.Invoke(context.TriggerValue));
    }
}
