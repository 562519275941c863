using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;
using Newtonsoft.Json.Linq;

namespace Serverless.Local.Host.Functions;

/// <summary>Turns reported bindings into the official extensions' attributes.</summary>
internal sealed class BindingAttributes(IJobHostMetadataProvider provider)
{
    public Attribute Create(FunctionBinding binding)
    {
        Type type = provider.GetAttributeTypeFromName(binding.Type)
            ?? throw new NotSupportedException($"No extension of this host knows the binding type '{binding.Type}' of '{binding.Name}'.");
        return provider.GetAttribute(type, binding.Metadata);
    }

    /// <summary>What a trigger or input is bound to before it goes to the worker.</summary>
    public Type ParameterType(FunctionBinding binding, Attribute attribute)
    {
        Type element =
            binding.IsDeferred ? typeof(ParameterBindingData)
            : binding.IsBinary ? typeof(byte[])
            : binding.IsMany ? typeof(string)
            : provider.GetDefaultType(attribute, FileAccess.Read, typeof(object));
        return binding.IsMany ? element.MakeArrayType() : element;
    }

    /// <summary>Where a result goes: null for a collector of messages, else the type that takes the content whole.</summary>
    public bool TakesStream(Attribute attribute) => provider.GetDefaultType(attribute, FileAccess.Write, typeof(object)) == typeof(Stream);
}
