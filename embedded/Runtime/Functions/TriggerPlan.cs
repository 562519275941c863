namespace Serverless.Embedded.Runtime.Functions;

/// <summary>What a kind of trigger decided about one function.</summary>
/// <param name="Type">The trigger's name in the host's metadata, such as <c>blobTrigger</c>.</param>
/// <param name="Bind">Fills the trigger's own parameter.</param>
/// <param name="BindingNames">The names of binding data that are known before an event comes.</param>
internal sealed record TriggerPlan(string Type, ParameterBinding Bind, IReadOnlySet<string> BindingNames)
{
    /// <summary>More names may come with the event: a request's query, a message's JSON properties.</summary>
    public bool HasOpenBindingData { get; init; }

    /// <summary>Fills a parameter without attribute by its type, where the trigger can; null for other types.</summary>
    public Func<Type, ParameterSite, ParameterBinding?>? FurtherParameter { get; init; }

    /// <summary>Makes the listener that runs the function; null where requests or the durable engine run it.</summary>
    public Func<FunctionModel, IServiceProvider, ITriggerListener>? Listen { get; init; }
}
