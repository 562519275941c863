using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>Binds a configuration section to options and adds every fault to the host's list of problems.</summary>
internal static class OptionsReader
{
    public static T Read<T>(IConfiguration section, string place, ICollection<string> problems)
        where T : new()
    {
        var options = new T();
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException malformed)
        {
            problems.Add($"{place}: {malformed.Message}");
        }

        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        foreach (var fault in faults)
        {
            var found = fault.MemberNames.Select(name => $"{name} = {typeof(T).GetProperty(name)?.GetValue(options)}");
            problems.Add($"{place}: {fault.ErrorMessage} Found: {string.Join(", ", found)}.");
        }

        return options;
    }
}
