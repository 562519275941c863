using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.WebJobs;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Serverless.Local.Host.Http;
using Serverless.Local.Host.Worker;
using Serverless.Local.Host.Worker.Messages;
using ExecutionContext = Microsoft.Azure.WebJobs.ExecutionContext;

namespace Serverless.Local.Host.Functions;

/// <summary>Runs one function in the worker with the arguments that the WebJobs SDK bound, and binds its outputs.</summary>
internal sealed class FunctionInvoker(
    IReadOnlyList<FunctionDefinition> functions,
    WorkerSupervisor workers,
    WorkerForwarder forwarder,
    BindingAttributes attributes
)
{
    /// <summary>Called by the emitted methods; the last three arguments are those that <see cref="FunctionTypeEmitter"/> adds.</summary>
    public async Task<object?> InvokeAsync(int index, object?[] arguments)
    {
        FunctionDefinition function = functions[index];
        Binder binder = (Binder)arguments[^3]!;
        CancellationToken cancellationToken = (CancellationToken)arguments[^1]!;
        InvocationRequest request = RequestFor(function, arguments, binder.BindingData, (ExecutionContext)arguments[^2]!);
        WorkerSession worker = await workers.GetSessionAsync(cancellationToken);
        InvocationResponse response = arguments[0] is HttpContext http
            ? await forwarder.InvokeAsync(worker, http, request, cancellationToken)
            : await worker.InvokeAsync(request, cancellationToken);
        FunctionFailedException.ThrowIfFailed(response.Result);
        if (function.Outputs.Count > 0)
        {
            AddProperties(arguments[0] as string, binder.BindingData);
        }
        foreach (FunctionBinding output in function.Outputs)
        {
            TypedData? data =
                output.Name == "$return"
                    ? response.ReturnValue
                    : response.OutputData.FirstOrDefault(candidate => candidate.Name == output.Name)?.Data;
            if (data is not null)
            {
                await WriteAsync(output, data, binder, cancellationToken);
            }
        }
        return RpcValues.Result(function.Trigger.IsDurableTrigger ? response.ReturnValue : null);
    }

    private static InvocationRequest RequestFor(
        FunctionDefinition function,
        object?[] arguments,
        Dictionary<string, object> bindingData,
        ExecutionContext context
    )
    {
        InvocationRequest request = new() { InvocationId = context.InvocationId.ToString(), FunctionId = function.Id };
        if (arguments[0] is HttpContext http)
        {
            // The request itself is forwarded; its values go along because functions may name them as parameters.
            RpcHttp parameters = new();
            foreach ((string name, object? value) in http.Request.RouteValues)
            {
                parameters.Params[name] = $"{value}";
            }
            request.InputData.Add(
                new ParameterBinding
                {
                    Name = function.Trigger.Name,
                    Data = new TypedData { Http = parameters },
                }
            );
            RpcValues.AddMetadata(request.TriggerMetadata, HttpValues(http.Request));
        }
        else
        {
            request.InputData.Add(new ParameterBinding { Name = function.Trigger.Name, Data = RpcValues.ToRpc(arguments[0]) });
            RpcValues.AddMetadata(request.TriggerMetadata, bindingData);
        }
        for (int input = 0; input < function.Inputs.Count; input++)
        {
            TypedData data = RpcValues.ToRpc(arguments[input + 1]);
            request.InputData.Add(new ParameterBinding { Name = function.Inputs[input].Name, Data = data });
        }
        // The worker expects a trace context also where nothing is traced.
        Activity? activity = Activity.Current;
        request.TraceContext = new() { TraceParent = activity?.Id ?? "", TraceState = activity?.TraceStateString ?? "" };
        if (context.RetryContext is { } retry)
        {
            request.RetryContext = new() { RetryCount = retry.RetryCount, MaxRetryCount = retry.MaxRetryCount };
        }
        return request;
    }

    /// <summary>A path such as <c>out/{Name}.txt</c> may name the properties of a message that is JSON.</summary>
    private static void AddProperties(string? message, Dictionary<string, object> bindingData)
    {
        if (message?.StartsWith('{') != true)
        {
            return;
        }
        try
        {
            foreach ((string name, JToken? value) in JObject.Parse(message))
            {
                if (value is JValue { Value: { } scalar })
                {
                    bindingData[name] = $"{scalar}";
                }
            }
        }
        catch (JsonException)
        {
            // It only looked like JSON.
        }
    }

    private static Dictionary<string, object> HttpValues(HttpRequest request)
    {
        Dictionary<string, object> values = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues value) in request.Query)
        {
            values[name] = value.ToString();
        }
        foreach ((string name, object? value) in request.RouteValues)
        {
            values[name] = $"{value}";
        }
        return values;
    }

    private async Task WriteAsync(FunctionBinding output, TypedData data, Binder binder, CancellationToken cancellationToken)
    {
        Attribute attribute = attributes.Create(output);
        if (attributes.TakesStream(attribute))
        {
            if (data.DataCase != TypedData.DataOneofCase.None)
            {
                Stream stream = await binder.BindAsync<Stream>(attribute, cancellationToken);
                await stream.WriteAsync(RpcValues.Content(data), cancellationToken);
            }
            return;
        }
        IAsyncCollector<byte[]> collector = await binder.BindAsync<IAsyncCollector<byte[]>>(attribute, cancellationToken);
        foreach (byte[] message in RpcValues.Messages(data))
        {
            await collector.AddAsync(message, cancellationToken);
        }
    }
}
