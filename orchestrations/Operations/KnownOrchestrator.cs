using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Orchestrations.Operations;

/// <summary>An orchestrator of the app, as its code declares it.</summary>
/// <param name="StartedBy">Who alone start its runs; none where an operator may.</param>
/// <param name="MayRestart">Whether an operator may begin a run of it anew.</param>
public sealed record KnownOrchestrator(
    string Name,
    Type Input,
    IReadOnlyList<AwaitsEventAttribute> Events,
    IReadOnlyList<string> StartedBy,
    bool MayRestart
)
{
    public static IReadOnlyList<KnownOrchestrator> All { get; } =
    [
        .. from type in typeof(KnownOrchestrator).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        let parameters = method.GetParameters()
        let started = type.GetCustomAttribute<StartedByAttribute>()
        where function is not null && parameters.Any(one => one.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null)
        orderby function.Name
        select new KnownOrchestrator(
            function.Name,
            parameters.Single(one => one.GetCustomAttribute<OrchestrationTriggerAttribute>() is null).ParameterType,
            [.. type.GetCustomAttributes<AwaitsEventAttribute>()],
            started?.Starters ?? [],
            started?.MayRestart != false
        ),
    ];

    /// <summary>The engine takes names in any case.</summary>
    private static readonly FrozenDictionary<string, KnownOrchestrator> ByName = All.ToFrozenDictionary(
        one => one.Name,
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether an operator may start runs of it with an input of theirs.</summary>
    public bool MayStart => StartedBy.Count == 0;

    /// <summary>Those who alone start its runs, as a sentence has them.</summary>
    public string Starters =>
        StartedBy.Count > 1 ? $"{string.Join(", ", StartedBy.SkipLast(1))} and {StartedBy[^1]}" : string.Concat(StartedBy);

    /// <summary>As the code spells it, whoever started the run spelled it otherwise.</summary>
    public static string NameOf(string name) => Find(name)?.Name ?? name;

    /// <summary>Null where the app has none of this name, for instance of a run that an older version of it began.</summary>
    public static KnownOrchestrator? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Null where its runs do not await it. Names of events are compared as the engine does, in any case.</summary>
    public AwaitsEventAttribute? FindEvent(string name) =>
        Events.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
