using System.ComponentModel.DataAnnotations;

namespace Serverless.Alerts.Mail;

/// <summary>The server that takes mail about alerts.</summary>
public sealed class MailOptions : IValidatableObject
{
    /// <summary>Empty (the default) sends no mail, whatever addresses rules name.</summary>
    public string? Host { get; set; }

    /// <summary>587 by default, where TLS begins by STARTTLS; with 465 it begins at once.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    /// <summary>True by default: without TLS user, password and mail go in the clear.</summary>
    public bool UseTls { get; set; } = true;

    /// <summary>Empty signs in to nothing.</summary>
    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>The sender's address; needed where there is a host.</summary>
    public string? From { get; set; }

    /// <summary>How long one message may take in all, 15 s by default; then it is tried again later.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan SendWithin { get; set; } = TimeSpan.FromSeconds(15);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(Host))
        {
            yield break;
        }
        if (!MimeKit.MailboxAddress.TryParse(From ?? "", out MimeKit.MailboxAddress? _))
        {
            yield return new($"From is '{From}'; it must be an address beside Host.");
        }
        if (!string.IsNullOrEmpty(User) && string.IsNullOrEmpty(Password))
        {
            yield return new("Password is empty; it must stand beside User.");
        }
    }
}
