using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Converters;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Orchestrations;

/// <summary>Plans activities. The durable engine runs them, through <see cref="DurableFunctions"/>.</summary>
internal sealed class ActivityTriggerKind : ITriggerKind
{
    public const string InstanceId = "instanceId";

    public TriggerPlan? Plan(TriggerBindingAttribute attribute, ParameterSite site) => attribute is ActivityTriggerAttribute
        ? new TriggerPlan("activityTrigger", context => new(Input(context, site.Type)), new HashSet<string>(StringComparer.OrdinalIgnoreCase) { InstanceId })
        : null;

    private static object? Input(InvocationContext context, Type type)
    {
        var invocation = (ActivityInvocation)context.TriggerValue!;
        try
        {
            return JsonDataConverter.Default.Deserialize(invocation.Input, type);
        }
        catch (JsonException malformed)
        {
            throw new FunctionInputConverterException($"The input of activity '{context.Function}' is not {type.Name}: {malformed.Message}", malformed);
        }
    }
}
