namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>The name that a property has in the host's metadata where it differs from its own.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BindingPropertyNameAttribute(string bindingPropertyName) : Attribute
{
    public string BindingPropertyName { get; } = bindingPropertyName;
}

/// <summary>What a trigger supports beyond its binding, for instance <see cref="KnownBindingCapabilities.FunctionLevelRetry"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BindingCapabilitiesAttribute(params string[] capabilities) : Attribute
{
    public string[] Capabilities { get; } = capabilities;
}

public static class KnownBindingCapabilities
{
    public const string FunctionLevelRetry = "FunctionLevelRetry";
}
