using System.Collections;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Queues;

/// <summary>Sends results as messages; each element of a collection is one.</summary>
internal sealed class QueueOutputKind(Settings settings, QueueTriggerOptions options) : IOutputKind
{
    public (string Type, OutputWriter Write)? Plan(OutputBindingAttribute attribute, string place)
    {
        if (attribute is not QueueOutputAttribute output)
            return null;
        var name = new BindingTemplate(settings.Resolve(output.QueueName, place));
        var connection = settings.ConnectionString(output.Connection, place);
        return ("queue", (context, value, cancellationToken) => SendAsync(context, name, connection, value, cancellationToken));
    }

    private async Task SendAsync(InvocationContext context, BindingTemplate name, string connection, object value, CancellationToken cancellationToken)
    {
        var queue = context.InstanceServices.GetRequiredService<StorageClients>().Queues(connection).GetQueueClient(name.Fill(context));
        var json = context.InstanceServices.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
        await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        foreach (var item in Items(value))
            await queue.SendMessageAsync(QueueText.Encode(Payload.Write(item, json), options.MessageEncoding), cancellationToken);
    }

    private static IEnumerable<object> Items(object value) =>
        value is IEnumerable several and not (string or byte[] or IDictionary) ? several.Cast<object>() : [value];
}
