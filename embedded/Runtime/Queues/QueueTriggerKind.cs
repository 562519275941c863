using System.Text.Json;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Queues;

/// <summary>Plans functions that run for each message of a queue.</summary>
internal sealed class QueueTriggerKind(Settings settings, QueueTriggerOptions options) : ITriggerKind
{
    private static readonly HashSet<string> Names =
        ["QueueTrigger", "DequeueCount", "Id", "PopReceipt", "InsertionTime", "ExpirationTime", "NextVisibleTime"];

    public TriggerPlan? Plan(TriggerBindingAttribute attribute, ParameterSite site)
    {
        if (attribute is not QueueTriggerAttribute trigger)
            return null;
        var queue = settings.Resolve(trigger.QueueName, site.Place);
        if (!QueueNames.AreValid(queue))
            site.Reject($"'{queue}' is not a queue name: allowed are 3 to 63 lower-case letters, digits and single dashes");
        var connection = settings.ConnectionString(trigger.Connection, site.Place);
        if (site.Type != typeof(QueueMessage) && !Payload.CanRead(site.Type))
            site.Reject($"a message cannot become {site.Type.Name}; allowed are QueueMessage, string, byte[], BinaryData and types that JSON fills");
        return new TriggerPlan("queueTrigger", context => new(Bind(context, site.Type)), Names)
        {
            HasOpenBindingData = true,
            Listen = (function, services) => ActivatorUtilities.CreateInstance<QueueListener>(
                services, function, services.GetRequiredService<StorageClients>().Queues(connection), queue, options),
        };
    }

    private static object? Bind(InvocationContext context, Type type)
    {
        var message = (QueueMessage)context.TriggerValue!;
        return type == typeof(QueueMessage)
            ? message
            : Payload.Read(message.Body, type, context.InstanceServices.GetRequiredService<IOptions<JsonSerializerOptions>>().Value);
    }
}
