using System.Reflection;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Serverless.Embedded.Runtime.Functions;

/// <summary>One kind of trigger: plans the functions that carry its attribute and answers null for all others.</summary>
internal interface ITriggerKind
{
    TriggerPlan? Plan(TriggerBindingAttribute attribute, ParameterSite site);
}

/// <summary>One kind of input binding: fills the parameters that carry its attribute and answers null for all others.</summary>
internal interface IInputKind
{
    ParameterBinding? Plan(InputBindingAttribute attribute, ParameterSite site);
}

/// <summary>One kind of output binding: writes the values that carry its attribute and answers null for all others.</summary>
internal interface IOutputKind
{
    (string Type, OutputWriter Write)? Plan(OutputBindingAttribute attribute, string place);
}

/// <summary>The parameter that is being planned.</summary>
internal sealed record ParameterSite(string Function, MethodInfo Method, ParameterInfo Parameter, ICollection<string> Problems)
{
    public string Place => $"function '{Function}', parameter '{Parameter.Name}'";

    public Type Type => Parameter.ParameterType;

    public void Reject(string reason) => Problems.Add($"{Place}: {reason}");
}
